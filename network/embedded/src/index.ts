export { examineEmbedded } from './examine';
export { findPrunableEmbedded } from './find-prunable';
export { downEmbedded, holdingsOfEmbedded, stopEmbedded } from './shut-down';
export { startEmbeddedNetwork } from './start-embedded';
