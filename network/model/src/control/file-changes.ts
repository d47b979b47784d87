import { isDeepStrictEqual } from 'node:util';
import { type ChaincodeSettings, channelsOfChaincode, type Consortium } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { type Amendments, type DeployedChaincode } from './amendments';

/** What the file says where a deployment took its place; `undefined`: nothing of that chaincode on any of its channels. */
function inFile(base: Consortium, { settings }: DeployedChaincode): ChaincodeSettings | undefined {
  const channels = channelsOfChaincode(base, settings);
  return base.chaincodes.find(
    (candidate) => candidate.name === settings.name && channelsOfChaincode(base, candidate).some((channel) => channels.includes(channel)),
  );
}

/**
 * Notes with each deployment what the consortium's file said in its place, so that a later start sees whether the file was changed
 * since. What is noted already stays.
 */
export function noteFile(base: Consortium, amendments: Amendments): Amendments {
  const chaincodes = amendments.chaincodes.map((deployed): DeployedChaincode => {
    const insteadOf = deployed.insteadOf ?? inFile(base, deployed);
    return { ...deployed, ...(insteadOf && { insteadOf }) };
  });
  return { ...amendments, chaincodes };
}

/** The fields in which two definitions differ; of collections their names. */
function differences(one: ChaincodeSettings, other: ChaincodeSettings): readonly string[] {
  const fields = (['version', 'sequence', 'endorsementPolicy', 'channels', 'initRequired'] as const).filter(
    (field) => !isDeepStrictEqual(one[field], other[field]),
  );
  const names = [...new Set([...one.collections, ...other.collections].map(({ name }) => name))];
  const changed = names.filter((name) => {
    const of = ({ collections }: ChaincodeSettings): unknown => collections.find((collection) => collection.name === name);
    return !isDeepStrictEqual(of(one), of(other));
  });
  return [...fields, ...changed.map((name) => `collection ${name}`)];
}

/**
 * What a start does with a file that was changed after a deployment took the place of what it said: a raised sequence makes the file's
 * definition the wanted one; any other change would be passed over, and is refused by name.
 * @throws {@link OperatorError} `STATE_MISMATCH`.
 */
export function withFileChanges(base: Consortium, amendments: Amendments): Amendments {
  const chaincodes = amendments.chaincodes.map((deployed): DeployedChaincode => {
    const { settings, folder, insteadOf } = deployed;
    const now = inFile(base, deployed);
    if (insteadOf === undefined || now === undefined) return deployed;
    const changed = differences(insteadOf, now);
    if (changed.length === 0) return deployed;
    if (now.sequence > settings.sequence) return { settings: { ...settings, ...now }, folder, insteadOf: now };
    // the file has caught up with what is deployed
    if (differences(settings, { ...now, channels: settings.channels }).length === 0) return { ...deployed, insteadOf: now };
    return refuseChange(deployed, changed);
  });
  return { ...amendments, chaincodes };
}

function refuseChange({ settings }: DeployedChaincode, changed: readonly string[]): never {
  const { name, version, sequence } = settings;
  const next = sequence + 1;
  throw new OperatorError('STATE_MISMATCH', {
    en: `the consortium file now says something else of chaincode ${name} (${changed.join(', ')}), which would be passed over: deployCC has made it ${version} with sequence ${sequence} since; say sequence ${next} in the file to bring it about, or take the change back`,
    zh: `联盟定义文件中链码 ${name} 的内容已改（${changed.join('、')}），但不会生效：此后 deployCC 已将其部署为 ${version}、序号 ${sequence}；要使改动生效，请在文件中写序号 ${next}，否则请撤回改动`,
  });
}
