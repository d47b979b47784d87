import { conclusionPartOf } from '@lianyi/documents/displaying';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { refusalOf } from '../scenario';
import { type GetWorld } from './world';

/** A report's conclusion, permitted alone (ADR 0079). */
export function conclusionCases(world: GetWorld): void {
  it('is opened by a permit for it alone, which opens no byte of the report; its asking for that is denied and recorded', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { cardiologistB } = world().staff;
    const part = conclusionPartOf(laboratoryReport);
    if (typeof part === 'string') throw new Error(part);
    const conclusion = await known.publish(Buffer.from(part));
    await known.grant([permission({ recordIds: [conclusion] })]);
    await world().scenario.catchUp(cardiologistB.hospital);
    const ticket = await known.ask(cardiologistB, { recordIds: [conclusion, recordId] });
    expect(ticket.answer).toMatchObject({ decision: 'permit', denied: [{ recordId, reasons: ['RECORD_NOT_COVERED'] }] });
    const opened = Buffer.from((await known.read(cardiologistB, ticket, conclusion)).bytes).toString('utf8');
    expect(opened).toContain('血脂明显升高');
    expect(['总胆固醇', '6.42', 'subject', 'result'].filter((each) => opened.includes(each))).toEqual([]);
    // the ticket of the conclusion opens nothing else, and neither does asking again for the report alone
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({
      decision: 'deny',
      reasons: ['RECORD_NOT_COVERED'],
    });
    expect(await known.list(cardiologistB)).toEqual([conclusion]);
  });
}
