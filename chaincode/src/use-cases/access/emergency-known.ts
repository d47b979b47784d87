import { type ActorTag, type AskingActor, isDead, type MspId, type Pseudonym, type TicketId } from '@lianyi/domain';
import { countersigned, type EmergencyFacts, initialSetting } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';

type Ledger = ReadScope['ledger'];

/** Which emergency is decided on: of whom, asked by whom, and who has countersigned it. */
type Asked = {
  readonly pseudonym: Pseudonym;
  readonly asker: { readonly mspId: MspId; readonly actorTag: ActorTag };
  /** The ticket's id and who has countersigned it, where somebody is named. */
  readonly second?: { readonly ticketId: TicketId; readonly signer: ActorTag } | undefined;
};
type Known = Pick<EmergencyFacts, 'choice' | 'signers' | 'second'>;

/**
 * What deciding on an emergency rests on besides, in one round of reads: which they are, the question alone says. The second person counts as they stand now.
 * @returns what holds for who asks, of the departments that their entry names
 */
export async function emergencyKnown(
  ledger: Ledger,
  { pseudonym, asker, second }: Asked,
): Promise<(belongings: Pick<AskingActor, 'departments'>) => Known> {
  const [choice, parameter, signature, signer] = await Promise.all([
    emergencyChoiceOf(ledger, pseudonym),
    ledger.accessParameters.find('emergency-signers'),
    second && ledger.emergencySignatures.find(second.ticketId, second.signer),
    second && ledger.staff.find(asker.mspId, second.signer),
  ]);
  const initial = initialSetting('emergency-signers');
  const { value: signers } = parameter?.setting.name === 'emergency-signers' ? parameter.setting : initial;
  return ({ departments }) => ({
    ...{ choice, signers },
    second: countersigned(signature, { pseudonym, asker: { ...asker, departments }, signer }),
  });
}

/**
 * What a patient says of emergencies; nothing of who has said nothing. Whose death is recorded has none: nobody is left who could be treated, and
 * nobody who could see it or refuse.
 */
async function emergencyChoiceOf({ deaths, emergencyChoices }: Ledger, pseudonym: Pseudonym): Promise<EmergencyFacts['choice']> {
  const [death, chosen] = await Promise.all([deaths.find(pseudonym), emergencyChoices.find(pseudonym)]);
  return isDead(death) ? { stance: 'refused' } : chosen?.choice;
}
