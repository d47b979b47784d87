import { type Output } from '../cli/output';
import { addChaincodeVerbs } from './chaincode-verbs/commands';
import { addChannelVerbs } from './channels/commands';
import { addCertificateVerbs } from './membership/certificate-commands';
import { addOrganizationVerbs } from './membership/organization-commands';
import { addRunningVerbs, type NetworkKind } from './running-commands';

/** The verbs both kinds of network have: those over its nodes, its chaincode, its members and its certificates. */
export function addAdministrationCommands(kind: NetworkKind, output: Output): void {
  addRunningVerbs(kind, output);
  addChannelVerbs(kind, output);
  addChaincodeVerbs(kind, output);
  addCertificateVerbs(kind, output);
  addOrganizationVerbs(kind, output);
}
