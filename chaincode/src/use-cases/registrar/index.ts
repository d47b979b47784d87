import { type registrarArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeCard from './change-card';
import * as identifierLinks from './identifier-links';
import * as issueCard from './issue-card';
import * as readRegistrar from './read-registrar';
import * as registerPatient from './register-patient';
import * as rotateKey from './rotate-key';
import * as takeOverPseudonym from './take-over-pseudonym';
import * as verifyCardToken from './verify-card-token';

const useCases = {
  ...changeCard,
  ...identifierLinks,
  ...issueCard,
  ...readRegistrar,
  ...registerPatient,
  ...rotateKey,
  ...takeOverPseudonym,
  ...verifyCardToken,
};
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const registrarUseCases = useCases satisfies UseCasesOf<typeof registrarArea, typeof useCases>;
