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
      throw new OperatorError(
        'STATE_MISMATCH',
        `chaincode ${settings.name} is new on the channel, so its sequence must be 1, not ${settings.sequence}`,
      );
    return 'commit';
  }
  if (settings.sequence === committed.sequence + 1) return 'commit';
  if (settings.sequence !== committed.sequence) {
    throw new OperatorError(
      'STATE_MISMATCH',
      `chaincode ${settings.name} is committed with sequence ${committed.sequence}; the consortium file may say that or ${committed.sequence + 1}, not ${settings.sequence}`,
    );
  }
  if (!hasSameContent(settings, committed))
    throw new OperatorError(
      'STATE_MISMATCH',
      `the definition of chaincode ${settings.name} differs from the committed one; raise its sequence to ${committed.sequence + 1} to change it`,
    );
  return 'nothing';
}
