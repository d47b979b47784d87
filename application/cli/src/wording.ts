// how `lianyi` tells the ledger's words, moments and columns, for whoever tells them beside it
export { padToWidth } from './columns';
export { wordText } from './commands/words';
export { localTime } from './local-time';
