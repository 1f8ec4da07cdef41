import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShoutError } from '../../domain/errors.ts';
import { processorTime } from '../../infra/testing/processor-time.ts';
import { parse } from './parse.ts';
import { readBearer, readOffer, SUBPROTOCOL } from './token.ts';

const protocols = (offered: string) => ({ 'sec-websocket-protocol': offered });
const offer = (...offered: string[]) => readOffer(protocols(offered.join(', ')));

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
  const long = (character: string) => Buffer.alloc(5_000_000, character).toString();
  const { before } = parse();
  const frame = { body: `{"action":"authenticate","token":"${long('a')}"}` };
  it.each([
    { where: 'a token in Authorization', read: readBearer, given: { authorization: `Bearer ${long('a')}` } },
    { where: 'white space in Authorization', read: readBearer, given: { authorization: `Bearer${long(' ')}` } },
    { where: 'a token in the subprotocols', read: readOffer, given: protocols(`${SUBPROTOCOL}, bearer.${long('a')}`) },
    { where: 'commas in the subprotocols', read: readOffer, given: protocols(SUBPROTOCOL + long(',')) },
    { where: 'a token in a frame', read: (event: object) => before?.({ event } as never), given: frame },
  ])('$where', async ({ read, given }) => {
    const refused = () => expect(() => read(given as never)).toThrow(ShoutError);
    const times: number[] = [];
    for (let run = 0; run < 11; run++) times.push(await processorTime(refused));
    // Takes the median, because garbage of another test may be collected during one of the runs.
    expect(times.sort((a, b) => a - b)[5]).toBeLessThan(5);
  });
});
