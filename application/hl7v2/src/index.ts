export { type Hl7Config, hl7ConfigSchema, loadHl7Config } from './config';
export { drop, type Meant, staying, stayingMessages, tryAgain } from './journal/attended';
export { type Journal } from './journal/journal';
export { type Merge, merges } from './journal/merges';
export { openJournal, startHl7 } from './start-hl7';
export { type Confirmed, confirmFiledMerge, type DecidingRegistrar, dismissFiledMerge } from './work/decide-merge';
export { numberFinder } from './work/member-node-hospital';
