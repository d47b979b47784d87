import { type registrarArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { activateCard, closeCard, suspendCard } from './change-card';
import { linkIdentifier, resolveIdentifier, unlinkIdentifier } from './identifier-links';
import { issueCard } from './issue-card';
import { getCard, getPseudonym } from './read-registrar';
import { registerPatient } from './register-patient';

/** What each transaction of the area does. */
export const registrarUseCases = {
  RegisterPatient: registerPatient,
  IssueCard: issueCard,
  ActivateCard: activateCard,
  SuspendCard: suspendCard,
  CloseCard: closeCard,
  GetCard: getCard,
  LinkIdentifier: linkIdentifier,
  ResolveIdentifier: resolveIdentifier,
  UnlinkIdentifier: unlinkIdentifier,
  GetPseudonym: getPseudonym,
} satisfies UseCases<(typeof registrarArea)['transactions']>;
