// A survivor of one run must be one of the next.
require('fast-check').configureGlobal({ seed: 20_260_501 });
