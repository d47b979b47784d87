import { type Command } from 'commander';
import { type Output } from '../cli/output';
import { addChaincodeVerbs } from './chaincode-verbs/commands';
import { addCertificateVerbs } from './membership/certificate-commands';
import { addOrganizationVerbs } from './membership/organization-commands';
import { addSnapshotVerbs } from '../fabric/snapshot-commands';

/** The verbs that change a running network: its chaincode, its members, its certificates. */
export function addAdministrationCommands(fabric: Command, output: Output): void {
  addChaincodeVerbs(fabric, output);
  addCertificateVerbs(fabric, output);
  addOrganizationVerbs(fabric, output);
  addSnapshotVerbs(fabric, output);
}
