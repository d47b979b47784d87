import { type Finding, OperatorError } from '@lianyi/network-model';
import { type HelpText } from './language';
import { printTable } from './table';
import { type VerbCall } from './verb-spec';
import { wordFor } from './vocabulary';

/** What a finding is about; names of programs, nodes and channels are the same in both languages. */
const subjects: Readonly<Record<string, HelpText>> = {
  network: { en: 'network', zh: '网络' },
  orderers: { en: 'orderers', zh: '排序节点' },
  remedy: { en: 'remedy', zh: '补救' },
};

/** Prints what was found; programs get the English texts. @throws {@link OperatorError} `FABRIC_MISSING` — some are bad. */
export function reportFindings(findings: readonly Finding[], json: boolean, call: VerbCall): void {
  const { output, language } = call;
  if (json) output.out(JSON.stringify({ findings: findings.map((finding) => ({ ...finding, text: finding.text.en })) }));
  else
    printTable(
      findings,
      [
        { title: { en: 'SUBJECT', zh: '对象' }, value: ({ subject }) => subjects[subject]?.[language] ?? subject },
        { title: { en: 'VERDICT', zh: '结论' }, value: ({ verdict }) => wordFor(verdict, language) },
        { title: { en: 'WHAT WAS FOUND', zh: '发现' }, value: ({ text }) => text[language] },
      ],
      call,
    );
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length;
  if (bad > 0)
    throw new OperatorError('FABRIC_MISSING', {
      en: `${bad} thing${bad === 1 ? '' : 's'} must be put right before the network can start`,
      zh: `网络启动前须解决 ${bad} 个问题`,
    });
}
