import { peer } from '../../wire/proto';

/** peer.TxValidationCode. */
export const Code = peer.TxValidationCode;
export type Code = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];
