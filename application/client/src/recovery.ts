// Apart from the rest of the client, because the lists of words are read by whoever makes or uses a recovery phrase and by nobody else.
export { phraseLanguages, type PhraseLanguage, phraseOf, seedOfPhrase } from './wallet/recovery-phrase';
export { combineShares, splitSeed } from './wallet/guardian-shares';
export { type Lost, type Recovered, type Recovery, recoverWallet } from './wallet/recover-wallet';
