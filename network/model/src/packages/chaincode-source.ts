import { type ChaincodeSettings, channelsOf, channelsOfChaincode, type Consortium, type Organization } from '../consortium/consortium';
import { type DeployedChaincode, versionKey } from '../control/amendments';
import { OperatorError } from '../machine/operator-error';
import { type ChaincodePackage, digestOfFolder, packageLabel, packChaincode } from './chaincode-package';
import { type LaunchCommand, readLaunchCommand } from './launch-command';

/** A chaincode as it will run: its folder, how that wants to be started, and the package that stands for it. */
export interface ChaincodeSource {
  readonly settings: ChaincodeSettings;
  readonly folder: string;
  readonly command: LaunchCommand;
  readonly chaincodePackage: ChaincodePackage;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — a start names a folder for a chaincode that is not defined. */
export function refuseUnknownChaincode(consortium: Consortium, folders: ReadonlyMap<string, string>): void {
  const unknown = [...folders.keys()].find((name) => !consortium.chaincodes.some((chaincode) => chaincode.name === name));
  if (unknown !== undefined)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `the consortium definition has no chaincode named ${unknown}`,
      zh: `联盟定义中没有名为 ${unknown} 的链码`,
    });
}

/** Reads the chaincode folders. @throws {@link OperatorError} `CHAINCODE_FOLDER`. */
export function readSources(chaincodes: readonly DeployedChaincode[]): readonly ChaincodeSource[] {
  return chaincodes.map(({ settings, folder }) => {
    const command = readLaunchCommand(folder);
    return { settings, folder, command, chaincodePackage: packChaincode(packageLabel(settings), digestOfFolder(folder)) };
  });
}

/** What the verbs are told of each version that runs, once. */
export function describeSources(
  sources: readonly ChaincodeSource[],
): { name: string; version: string; folder: string; packageId: string }[] {
  const versions = Map.groupBy(sources, ({ settings }) => versionKey(settings));
  return [...versions.values()].flatMap(([source]) => {
    if (!source) return [];
    const { settings, folder, chaincodePackage } = source;
    return [{ name: settings.name, version: settings.version, folder, packageId: chaincodePackage.packageId }];
  });
}

export type ChaincodeVersion = Pick<ChaincodeSettings, 'name' | 'version'>;

/** A version of a chaincode that needs services, and who needs them. */
interface PlannedServices {
  readonly chaincode: ChaincodeVersion;
  /** The first definition on the consortium's own channel has the plain name; else the version is in it, since several may run. */
  readonly label: string;
  readonly organizations: readonly Organization[];
}

/** One service for each version and each organisation that has a peer on one of its channels. */
export function plannedServices(consortium: Consortium): readonly PlannedServices[] {
  const members = new Map(channelsOf(consortium).map(({ name, organizations }) => [name, organizations]));
  const groups = Map.groupBy(consortium.chaincodes, versionKey);
  return [...groups.values()].flatMap((definitions) => {
    const [first] = definitions;
    if (!first) return [];
    const { name, version } = first;
    const channels = new Set(definitions.flatMap((definition) => channelsOfChaincode(consortium, definition)));
    const isPlain = definitions.some(
      (definition) => definition.sequence === 1 && channelsOfChaincode(consortium, definition).includes(consortium.channel.name),
    );
    const organizations = consortium.organizations.filter(
      ({ mspId, roles }) => roles.includes('peer') && [...channels].some((channel) => members.get(channel)?.includes(mspId)),
    );
    return [{ chaincode: { name, version }, label: isPlain ? name : `${name}-${version}`, organizations }];
  });
}

/** DNS name of an organisation's service; also the name `status` shows. */
export function serviceName({ label }: Pick<PlannedServices, 'label'>, { domain }: Organization): string {
  return `${label}.${domain}`;
}

/** The sources, each with the package its service was started with: what runs stays what was approved, also when its folder was edited since. */
export function asStarted(sources: readonly ChaincodeSource[], running: readonly ChaincodeSource[]): readonly ChaincodeSource[] {
  return sources.map((source) => {
    const started = running.find(
      ({ settings, folder }) => folder === source.folder && versionKey(settings) === versionKey(source.settings),
    );
    return started ? { ...source, chaincodePackage: started.chaincodePackage } : source;
  });
}
