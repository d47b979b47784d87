// Apart from the rest of the client, because what hospitals compute together is loaded by who keeps a PIN or comes back by one, and by nodes.
export { assertPin, newRecoveryCode, recoveryCodeBytes } from './pin/pin-secret';
export { dealPin, type DealtPin, type PinHolder } from './pin/deal-pin';
export { isPartOfPin, pinShareContext, placeOfPinHolder, publicShareOfPin } from './pin/pin-shares';
export { signPinCommand } from './signing/sign-request';
export { guessPin, type GuessedSeed, type PinGuessOptions } from './pin/guess-pin';
export { type GuessKeeper, type KeptGuess } from './pin/kept-guess';
