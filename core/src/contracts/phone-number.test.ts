import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePhone, registrationsOf } from './phone-number.ts';

describe('parsePhone', () => {
  it.each([
    '+55 (11) 91234-5678',
    '+5511912345678',
    '5511912345678',
    '0055 11 91234 5678',
    '11912345678',
    '(11) 91234-5678',
    '011 91234-5678',
    '0 15 11 91234-5678',
    '+55 (011) 91234-5678',
    ' 11.91234.5678 ',
  ])('reads %s', (text) => {
    expect(parsePhone(text)).toEqual({ phone: '5511912345678' });
  });

  it.each([
    ['+55 (11) 8765-4321', '5511987654321'],
    ['11 8765 4321', '5511987654321'],
    ['011 8765-4321', '5511987654321'],
    ['551187654321', '5511987654321'],
    // 55 is also the area code of Santa Maria.
    ['55 99876-5432', '5555998765432'],
    ['55 9876-5432', '5555998765432'],
    ['55 55 99876-5432', '5555998765432'],
    // Landlines have WhatsApp Business.
    ['(11) 3456-7890', '551134567890'],
    ['+55 11 3456-7890', '551134567890'],
    ['+351 912 345 678', '351912345678'],
    ['00351912345678', '351912345678'],
    ['+1 (415) 555-2671', '14155552671'],
  ])('reads %s as %s', (text, phone) => {
    expect(parsePhone(text)).toEqual({ phone });
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['meu celular', 'letters'],
    ['11 9123x-5678', 'letters'],
    ['91234-5678', 'length'],
    ['119123456789', 'length'],
    ['+351 91', 'length'],
    ['+55 11 91234', 'length'],
    ['(20) 91234-5678', 'area'],
    ['00 11', 'length'],
    ['(11) 81234-5678', 'mobile'],
    ['(11) 1234-5678', 'mobile'],
  ])('says of "%s": %s', (text, problem) => {
    expect(parsePhone(text)).toEqual({ problem });
  });

  it('reads every Brazilian mobile number in every spelling as the same digits', () => {
    const subscriber = fc.integer({ min: 60_000_000, max: 99_999_999 }).map(String);
    const decorate = fc.constantFrom(
      (area: string, nine: string, rest: string) => `+55 (${area}) ${nine}${rest.slice(0, 4)}-${rest.slice(4)}`,
      (area: string, nine: string, rest: string) => `${area}${nine}${rest}`,
      (area: string, nine: string, rest: string) => `0${area} ${nine}${rest}`,
      (area: string, nine: string, rest: string) => `55${area}${nine}${rest}`,
    );
    fc.assert(
      fc.property(
        fc.constantFrom('11', '21', '47', '55', '85'),
        fc.constantFrom('', '9'),
        subscriber,
        decorate,
        (...parts) => {
          const [area, nine, rest, write] = parts;
          expect(parsePhone(write(area, nine, rest))).toEqual({ phone: `55${area}9${rest}` });
        },
      ),
    );
  });

  it('reads again what it has read', () => {
    for (const phone of ['5511912345678', '551134567890']) expect(parsePhone(phone)).toEqual({ phone });
    expect(parsePhone('+351912345678')).toEqual({ phone: '351912345678' });
  });
});

it('a mobile number may be registered without its ninth digit', () => {
  expect(registrationsOf('5511987654321')).toEqual(['5511987654321', '551187654321']);
  expect(registrationsOf('5511912345678')).toEqual(['5511912345678']);
  expect(registrationsOf('551134567890')).toEqual(['551134567890']);
  expect(registrationsOf('351912345678')).toEqual(['351912345678']);
});
