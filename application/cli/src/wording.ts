// how `lianyi` tells the ledger's words, moments and columns, and how to use it, for whoever tells them beside it
export { displayWidth, padToWidth, wrapHanging, wrapToWidth } from './columns';
export { wordText } from './commands/words';
export { languageOfArguments } from './language';
export { localTime } from './local-time';
export { SpokenHelp } from './spoken-help';
export { columnsOfStream } from './terminal';
export { usageDetail } from './usage-detail';
