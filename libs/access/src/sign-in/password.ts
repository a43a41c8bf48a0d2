import { Problem } from '#problem';

const SHORTEST = 12;
const LONGEST = 200;
const COMMON = [
  'password',
  'passw0rd',
  '123456',
  'qwerty',
  'letmein',
  'welcome',
  'daybook',
  'iloveyou',
  'administrator',
];

/**
 * Length counts, not the kinds of characters (NIST SP 800-63B §3.1.1).
 *
 * @throws Problem invalid-value
 */
export function refuseWeakPassword(password: string, email: string): void {
  const plain = password.toLowerCase();
  const name = email.toLowerCase().split('@')[0]!;
  if ([...password].length < SHORTEST || password.length > LONGEST)
    throw weak(`A password has ${SHORTEST} to ${LONGEST} characters.`);
  if (plain.includes(name) && name.length > 3) throw weak('A password does not contain the e-mail.');
  const rest = COMMON.reduce((text, word) => text.replaceAll(word, ''), plain);
  if (rest !== plain && rest.replace(/\P{L}/gu, '').length < 3)
    throw weak('This password is among the first that would be tried.');
  if (new Set(plain).size < 5) throw weak('A password has at least 5 different characters.');
}

function weak(message: string): Problem {
  return new Problem('invalid-value', message, {
    errors: [{ pointer: '/password', code: 'weak-password', message }],
  });
}
