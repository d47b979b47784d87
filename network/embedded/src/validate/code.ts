import { peer } from '@lianyi/fabric-protocol';

/** peer.TxValidationCode. */
export const Code = peer.TxValidationCode;
export type Code = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];
