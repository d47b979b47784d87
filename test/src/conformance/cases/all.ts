import { type ConformanceCase } from '../conformance-case';
import { blockCases } from './blocks';
import { callCases } from './calls';
import { channelAndInitCases } from './channels';
import { craftedCases } from './crafted';
import { privateDataCases } from './private-data';
import { publicStateCases } from './public-state';
import { streamCases } from './streams';

/** Every case, for whichever network runs them. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...publicStateCases,
  ...privateDataCases,
  ...callCases,
  ...blockCases,
  ...craftedCases,
  ...streamCases,
  ...channelAndInitCases,
];
