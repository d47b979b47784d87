import { type ConformanceCase } from '../conformance-case';
import { blockCases } from './blocks';
import { callCases } from './calls';
import { certificateTextCases } from './certificate-text';
import { channelUpdateCases } from './channel-updates';
import { channelAndInitCases } from './channels';
import { craftedCases } from './crafted';
import { crashCases } from './crashes';
import { definitionRefusalCases } from './definition-refusals';
import { endorserCases } from './endorsers';
import { identityCases } from './identities';
import { initCases } from './init';
import { lifecycleCases } from './lifecycle';
import { malformedTextCases } from './malformed-text';
import { privateDataCases } from './private-data';
import { publicStateCases } from './public-state';
import { secondChannelCases } from './second-channel';
import { spoiltCases } from './spoilt';
import { streamCases } from './streams';
import { systemChaincodeCases } from './system-chaincodes';

/** Every case, for whichever network runs them. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...publicStateCases,
  ...privateDataCases,
  ...callCases,
  ...blockCases,
  ...craftedCases,
  ...streamCases,
  ...identityCases,
  ...endorserCases,
  ...spoiltCases,
  ...lifecycleCases,
  ...definitionRefusalCases,
  ...systemChaincodeCases,
  ...channelUpdateCases,
  ...channelAndInitCases,
  ...secondChannelCases,
  ...initCases,
  ...malformedTextCases,
  ...certificateTextCases,
  ...crashCases,
];
