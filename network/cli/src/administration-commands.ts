import { addCertificateVerbs } from './certificate-commands';
import { addChaincodeVerbs } from './chaincode-commands';
import { addChannelVerbs } from './channel-commands';
import { addOrganizationVerbs } from './organization-commands';
import { type Output } from './output';
import { addRunningVerbs, type NetworkKind } from './running-commands';

/** The verbs both kinds of network have: those over its nodes, its chaincode, its members and its certificates. */
export function addAdministrationCommands(kind: NetworkKind, output: Output): void {
  addRunningVerbs(kind, output);
  addChannelVerbs(kind, output);
  addChaincodeVerbs(kind, output);
  addCertificateVerbs(kind, output);
  addOrganizationVerbs(kind, output);
}
