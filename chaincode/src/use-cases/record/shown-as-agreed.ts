import { type RecordContent } from '@lianyi/domain';
import { assertShownAsAgreed, initialSetting } from '@lianyi/domain/deciding';
import { type WriteScope } from '../scope';

/** Checks a version against the display profiles that the members have set (ADR 0070). */
export async function assertIsShownAsAgreed({ ledger }: WriteScope, content: RecordContent): Promise<void> {
  const { setting } = (await ledger.accessParameters.find('display-profiles')) ?? { setting: initialSetting('display-profiles') };
  if (setting.name === 'display-profiles') assertShownAsAgreed(content, setting.value);
}
