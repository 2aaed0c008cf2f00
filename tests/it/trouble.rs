//! Bad input and bad days, in the real binary: a sentence with cause and cure, the right exit code, and nothing lost.
