import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShoutError } from '../../domain/errors.ts';
import { processorTime } from '../../infra/testing/processor-time.ts';
import { parse } from './parse.ts';
import { readBearer, readOffer, SUBPROTOCOL } from './token.ts';

const offer = (...protocols: string[]) => readOffer({ 'sec-websocket-protocol': protocols.join(', ') });

describe('an offer', () => {
  it('never has anything of what was offered in its answer but our own protocol', () => {
    const protocol = fc.oneof(fc.string(), fc.constantFrom(SUBPROTOCOL, 'bearer.a.b.c', 'bearer.', 'BEARER.a.b.c'));
    fc.assert(
      fc.property(fc.array(protocol, { maxLength: 5 }), (protocols) => {
        try {
          expect([undefined, SUBPROTOCOL]).toContain(offer(...protocols).subprotocol);
        } catch (error) {
          expect(error).toBeInstanceOf(ShoutError);
        }
      }),
    );
  });

  it('may come in any order and with any white space', () => {
    const expected = { token: 'a.b.c', subprotocol: SUBPROTOCOL };
    expect(readOffer({ 'sec-websocket-protocol': ` bearer.a.b.c ,${SUBPROTOCOL}` })).toEqual(expected);
    expect(offer(SUBPROTOCOL, 'bearer.a.b.c')).toEqual(expected);
  });
});

describe('5 MB instead of a token is refused in under 5 ms (ASVS 5 15.2.2)', () => {
  const MB5 = 5_000_000;
  const { before } = parse();
  it.each([
    { where: 'a token in Authorization', refused: () => readBearer({ authorization: `Bearer ${'a'.repeat(MB5)}` }) },
    { where: 'white space in Authorization', refused: () => readBearer({ authorization: `Bearer${' '.repeat(MB5)}` }) },
    { where: 'a token in the subprotocols', refused: () => offer(SUBPROTOCOL, `bearer.${'a'.repeat(MB5)}`) },
    { where: 'commas in the subprotocols', refused: () => offer(SUBPROTOCOL + ','.repeat(MB5)) },
    {
      where: 'a token in a frame',
      refused: () => before?.({ event: { body: `{"action":"authenticate","token":"${'a'.repeat(MB5)}"}` } } as never),
    },
  ])('$where', async ({ refused }) => {
    const times: number[] = [];
    for (let run = 0; run < 11; run++) times.push(await processorTime(() => expect(refused).toThrow(ShoutError)));
    // The median: garbage of another test may be collected in one of them.
    expect(times.sort((a, b) => a - b)[5]).toBeLessThan(5);
  });
});
