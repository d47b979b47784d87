import { refusal, type ErrorRow } from './row';

/** What a patient's wallet and what is around it refuse with; the chaincode never does. */
export const walletErrors = {
  ARCHIVE_BROKEN: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    [
      'The archive is not as it was made: details name the file, and what of it does not fit. Nothing of it is proved.',
      '归档与制作时不符：details 指出文件及其不符之处。其中任何内容均未得到证明。',
    ],
    ['Take another copy of it, or make it again (`lianyi archive make`).', '请另取一份副本，或重新制作（`lianyi archive make`）。'],
  ),
  HAND_OVER_CODE_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'invalid' },
    ['The hand-over code has a typing error: its form or its check digit does not fit.', '交接码有误：格式或校验位不符。'],
    ['Read it from the receipt again, 27 characters in groups of five.', '请对照回执重新录入，共 27 个字符，五个一组。'],
  ),
  HOSPITAL_NODE_UNNAMED: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'processing' },
    ['The profile names no node of this pseudonym’s hospital.', '身份配置未指明该假名所属医院的节点。'],
    [
      'Name it with `lianyi profile add-hospital`: another hospital’s node would see which pseudonyms are the same patient’s.',
      '请用 `lianyi profile add-hospital` 指明：若经由其他医院的节点，该医院会看出哪些假名属于同一患者。',
    ],
  ),
  WALLET_UNREADABLE: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    ['The wallet does not open: wrong passphrase or damaged file.', '钱包无法打开：口令错误或文件损坏。'],
    ['Try the passphrase again, or restore the wallet from its backup.', '请重新输入口令，或从备份恢复钱包。'],
  ),
  KEPT_GUESS_UNREADABLE: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    [
      'A guess at the PIN is kept beside the wallet file, and does not open: another passphrase than in the run before, or a damaged file.',
      '钱包文件旁存有一次 PIN 猜测，但无法打开：口令与上次运行时不同，或文件损坏。',
    ],
    [
      'Run again with the passphrase of the run before: it goes on with that guess. Or wait twelve minutes after that run: nobody answers it any more, it is removed, and another guess is made. Nothing was signed.',
      '请用上次运行时的口令重试，即可继续该次猜测；或在上次运行十二分钟之后再试：届时各方不再应答，该文件被删除，另作一次猜测。尚未签署任何内容。',
    ],
  ),
  PAPER_CODE_UNREADABLE: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    ['The code on paper does not open: another PIN, or no code of a card.', '纸质卡码无法打开：PIN 不符，或并非卡码。'],
    [
      'Ask for the PIN again and scan anew; where it is forgotten, the holder prints a new code.',
      '请再次询问 PIN 并重新扫描；若已遗忘，请持卡人重新打印。',
    ],
  ),
  PHRASE_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'invalid' },
    [
      'The text is no recovery phrase: details name the word that is in no list and its place, or say that words are missing or that the check does not fit.',
      '该文本不是恢复短语：details 指出不在词表中的词及其位置，或说明词数不符、校验不符。',
    ],
    [
      'Compare it with the paper word by word: 24 words in their order, all English or all Chinese. Nothing was asked and nothing was changed.',
      '请与纸上记录逐词核对：共 24 个词，顺序不变，全为英文或全为中文。未查询也未更改任何内容。',
    ],
  ),
  PIN_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'invalid' },
    [
      'A PIN is 6 to 12 digits that are neither all the same nor counted up or down. Details say what is wrong, and do not repeat it.',
      'PIN 须为 6 至 12 位数字，且不得全部相同或依次递增、递减。details 说明问题所在，但不会重复其内容。',
    ],
    [
      'Choose another PIN, or type it again. Nothing was asked, and no guess was used up.',
      '请另选 PIN 或重新输入。未发出询问，也未消耗猜测次数。',
    ],
  ),
  PIN_WRONG: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'It was another PIN. The guess is counted, and the patient’s audit has a line of it; details say how many are left.',
      'PIN 不符。此次猜测已计入，患者的审计中已有记录；details 中为剩余次数。',
    ],
    ['Think before the next one: after ten wrong ones in a row nobody answers any more.', '请慎重再试：连续十次错误后各方不再应答。'],
  ),
  RECOVERY_CODE_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'invalid' },
    [
      'The recovery code has a typing error: details say whether its form or its check digit is wrong, and do not repeat it.',
      '恢复码输入有误：details 说明是格式还是校验位不符，但不会重复其内容。',
    ],
    ['Compare it with the paper: 27 letters and digits. No guess was used up.', '请与纸上记录核对：共 27 个字母和数字。未消耗猜测次数。'],
  ),
  SHARES_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'usage', fhir: 'invalid' },
    [
      'The shares do not bring a wallet back: details say that one of them is no share, that there are too few, or that they do not belong together.',
      '这些份额无法恢复钱包：details 说明其中一份不是份额、份数不足，或它们不属于同一组。',
    ],
    ['Ask the guardians for the shares of the newest split, as many as it takes.', '请向监护人索取最近一次拆分的份额，并凑足所需份数。'],
  ),
  NOTHING_TO_RECOVER: refusal(
    { whoCanFix: 'patient', retry: false, http: 404, exit: 'failure', fhir: 'not-found' },
    [
      'By the word of the node that was asked, the ledger has nothing of this phrase’s wallet. No wallet was written.',
      '据被询问的节点所述，账本上没有此短语所属钱包的任何内容。未写入钱包。',
    ],
    [
      'Check that it is the phrase of this wallet and the profile of this network, then ask another member’s node (--through).',
      '请确认短语属于此钱包、身份配置属于本网络，再改问其他成员的节点（--through）。',
    ],
  ),
  RUNTIME_TOO_OLD: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'failure', fhir: 'not-supported' },
    [
      'This Node.js has no SQLite, by which programs that use one wallet wait for each other.',
      '当前 Node.js 不含 SQLite，而多个程序使用同一钱包时须借助它相互等待。',
    ],
    ['Run the program with Node.js 22.13 or later.', '请使用 Node.js 22.13 或更高版本运行。'],
  ),
  WALLET_BUSY: refusal(
    { whoCanFix: 'client-software', retry: true, http: 422, exit: 'failure', fhir: 'transient' },
    ['Another program is using the wallet.', '另一程序正在使用该钱包。'],
    ['Try again when it has finished.', '请待其结束后重试。'],
  ),
  PSEUDONYM_IN_USE: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'failure', fhir: 'conflict' },
    ['The wallet has a pseudonym for this hospital that is in use.', '钱包中已有用于该医院的假名，且仍在使用。'],
    [
      'Use that one. A new one is made after its relationship has ended (relationship terminate); one that was never registered is discarded with `wallet discard`.',
      '请使用该假名。关系终止后（relationship terminate）可生成新假名；从未登记的假名可用 `wallet discard` 弃用。',
    ],
  ),
  COMMAND_PENDING: refusal(
    { whoCanFix: 'patient', retry: true, http: 422, exit: 'failure', fhir: 'transient' },
    ['An earlier command signed with the same one-time key can still be committed.', '先前用同一一次性密钥签名的指令仍可能提交。'],
    [
      'Ask the ledger with `wallet sync`, or give the command up with `wallet give-up`.',
      '请用 `wallet sync` 查询账本，或用 `wallet give-up` 放弃该指令。',
    ],
  ),
  OTHER_COMMAND_COMMITTED: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'failure', fhir: 'conflict' },
    [
      'Another of your commands than you expect was committed: one that was said to be refused, or another one signed with the same key.',
      '已提交的是您的另一条指令：曾被告知遭拒绝的指令，或用同一密钥签名的另一条指令。',
    ],
    [
      'Look at your consents and your audit through another member’s node, then repeat what you still want; tell that member’s regulator.',
      '请通过其他成员的节点查看授权和审计，再重做仍需要的操作；并向监管方反映该成员。',
    ],
  ),
  PASSPHRASE_TOO_SHORT: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'invalid' },
    ['The passphrase is too short: whoever copies the wallet’s file could guess it.', '口令过短：复制了钱包文件的人可以猜出。'],
    ['Choose one of at least 12 characters, such as four words.', '请使用至少 12 个字符的口令，例如四个词。'],
  ),
} as const satisfies Record<string, ErrorRow>;
