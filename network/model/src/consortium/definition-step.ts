import { type CommittedDefinition, type DefinitionStep, hasSameContent } from '@lianyi/fabric-protocol';
import { OperatorError } from '../machine/operator-error';
import { type ChaincodeSettings } from './consortium';

/**
 * What is left to do so that a channel has the definition of the consortium file.
 * @throws {@link OperatorError} `STATE_MISMATCH` — the file differs from the committed definition without the next sequence.
 */
export function definitionStep(settings: ChaincodeSettings, committed: CommittedDefinition | undefined): DefinitionStep {
  if (committed === undefined) {
    if (settings.sequence !== 1)
      throw new OperatorError('STATE_MISMATCH', {
        en: `chaincode ${settings.name} is new on the channel, so its sequence must be 1, not ${settings.sequence}`,
        zh: `链码 ${settings.name} 在通道上是新的，序号必须为 1，而不是 ${settings.sequence}`,
      });
    return 'commit';
  }
  if (settings.sequence === committed.sequence + 1) return 'commit';
  if (settings.sequence !== committed.sequence) {
    throw new OperatorError('STATE_MISMATCH', {
      en: `chaincode ${settings.name} is committed with sequence ${committed.sequence}; the consortium file may say that or ${committed.sequence + 1}, not ${settings.sequence}`,
      zh: `链码 ${settings.name} 已以序号 ${committed.sequence} 提交；联盟定义文件可写该序号或 ${committed.sequence + 1}，而不是 ${settings.sequence}`,
    });
  }
  if (!hasSameContent(settings, committed))
    throw new OperatorError('STATE_MISMATCH', {
      en: `the definition of chaincode ${settings.name} differs from the committed one; raise its sequence to ${committed.sequence + 1} to change it`,
      zh: `链码 ${settings.name} 的定义与已提交的不同；要更改它，请把序号提高到 ${committed.sequence + 1}`,
    });
  return 'nothing';
}
