import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises } from "./prove";

// That the answers, the course's rules, are TensorFlow's is proved in test/lessons/rules.
proveExercises(exercisesOf.updateRules);
