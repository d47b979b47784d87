import { addOrganization, removeOrganization } from '@lianyi/network-administration';
import { OperatorError, organizationSchema } from '@lianyi/network-model';
import { type Output } from './output';
import { collect } from './up-command';
import { withNetwork } from './verb';
import { addVerb, type VerbGroup, type VerbOptions } from './verb-group';

interface AddOptions extends VerbOptions {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  readonly orderer?: true;
  readonly user?: readonly string[];
  readonly signedBy?: readonly string[];
}
interface RemoveOptions extends VerbOptions {
  readonly organization: string;
  readonly despiteLostTolerance?: true;
  readonly signedBy?: readonly string[];
}

const SIGNED_BY = 'whose administrators sign; as many as the channel needs, if absent; may be repeated';

/** Registers `addOrg` and `removeOrg`. */
export function addOrganizationVerbs(verbs: VerbGroup, output: Output): void {
  addVerb(verbs, 'addOrg', 'take a new organisation with a peer into the running consortium')
    .requiredOption('--msp-id <id>', 'e.g. HospitalDMSP')
    .requiredOption('--name <name>', 'e.g. hospital-d')
    .requiredOption('--domain <domain>', 'DNS domain of its nodes and users')
    .option('--user <name>', 'a signing user beside Admin, User1 and node; may be repeated', collect)
    .option('--orderer', 'with an orderer, too, that takes part in ordering the channels it is a member of')
    .option('--signed-by <organization>', SIGNED_BY, collect)
    .action(async (options: AddOptions) => {
      const { mspId, name, domain, user = [], orderer, signedBy = [] } = options;
      const parsed = organizationSchema.safeParse({ mspId, name, domain, roles: orderer ? ['peer', 'orderer'] : ['peer'], users: user });
      if (!parsed.success)
        throw new OperatorError(
          'UNKNOWN_NAME',
          `the organisation cannot be named so: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
        );
      await withNetwork(options, output, (network, progress) => addOrganization(network, parsed.data, signedBy, progress));
    });
  addVerb(verbs, 'removeOrg', 'take an organisation out of the running consortium')
    .requiredOption('--organization <name>', 'MSP id, name or domain')
    .option('--signed-by <organization>', SIGNED_BY, collect)
    .option('--despite-lost-tolerance', 'also where the orderers that remain stand still as soon as one of them fails')
    .action(async (options: RemoveOptions) => {
      const { organization, signedBy = [] } = options;
      const despiteLostTolerance = options.despiteLostTolerance === true;
      await withNetwork(options, output, (network, progress) =>
        removeOrganization(network, { organization, signedBy, despiteLostTolerance }, progress),
      );
    });
}
