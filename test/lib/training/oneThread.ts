// Imported first: libtensorflow reads this once, and on one thread sums have one order, so that two
// runs can be compared to the last bit.
process.env.TF_NUM_INTRAOP_THREADS = "1";
process.env.TF_NUM_INTEROP_THREADS = "1";

export {};
