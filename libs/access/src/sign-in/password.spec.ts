import { describe, expect, it } from 'vitest';
import { refuseWeakPassword } from './password.js';

const email = 'anna.site@centre.example';
const weak = expect.objectContaining({
  code: 'invalid-value',
  details: { errors: [expect.objectContaining({ pointer: '/password', code: 'weak-password' })] },
});

function refusalOf(password: string): unknown {
  try {
    return refuseWeakPassword(password, email);
  } catch (error) {
    return error;
  }
}

describe('a password', () => {
  it.each([
    ['a phrase', 'correct horse battery staple'],
    ['of 12 characters', 'tkzwmqpvhxrj'],
    ['of digits, as a generator makes them', '839201746553'],
    ['in any script', 'пароль-очень-длинный'],
    ['of 200 characters', 'long enough '.repeat(17).slice(0, 200)],
    ['that has a common word among others', 'my welcome mat is orange'],
  ])('is taken: %s', (_, password) => {
    expect(refusalOf(password)).toBeUndefined();
  });

  it.each([
    ['one character short', 'tkzwmqpvhxr'],
    ['short however many bytes it has', '🙂🙃😀😃😄😁😆😅😂🤣🥲'],
    ['of more than 200 characters', 'long enough '.repeat(17).slice(0, 201)],
    ['common', 'Password1234!'],
    ['made of common ones', 'qwerty123456'],
    ['of a few characters over and over', 'abababababab'],
    ['the e-mail', email],
    ['with the e-mail’s name in it', 'xx-Anna.Site-2024'],
  ])('is refused: %s', (_, password) => {
    expect(refusalOf(password)).toEqual(weak);
  });

  it('is not told again in the refusal', () => {
    expect(String(refusalOf('Password1234!'))).not.toContain('Password1234!');
  });
});
