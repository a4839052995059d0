import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises } from "./prove";

proveExercises(exercisesOf.faults);
