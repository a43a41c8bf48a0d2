import { type Random, rounded } from './random.js';

/** What a subject is like at inclusion, as far as later visits hang on it. */
export interface Patient {
  readonly age: number;
  readonly sex: 'M' | 'F';
  /** cm, kg. */
  readonly height: number;
  readonly weight: number;
  readonly ecog: number;
  readonly grade: 'G1' | 'G2' | 'G3';
  readonly carcinoidSyndrome: boolean;
  readonly liverBurden: 'LE10' | '10-25' | '25-50' | 'GT50';
  readonly nodeStage: '0' | 'I' | 'II' | 'III' | 'IV';
  /** Diameters of the target lesions, mm. */
  readonly lesions: readonly number[];
  /** How the lesions change up to progression: the factor after five years. */
  readonly response: number;
  /** Chromogranin A, ng/mL. */
  readonly chromogranin: number;
}

const largerBurden = { LE10: 1, '10-25': 2, '25-50': 4, GT50: 8 } as const;

export function drawPatient(random: Random): Patient {
  const sex = random.chance(0.52) ? 'M' : 'F';
  const liverBurden = random.weighted({ LE10: 30, '10-25': 30, '25-50': 25, GT50: 15 });
  return {
    age: truncated(() => random.normal(63, 10), 25, 88),
    sex,
    height: rounded(random.normal(sex === 'M' ? 176 : 163, 7)),
    weight: rounded(
      truncated(() => random.normal(sex === 'M' ? 80 : 67, 12), 42, 130),
      1,
    ),
    ecog: Number(random.weighted({ '0': 60, '1': 33, '2': 7 })),
    grade: random.weighted({ G1: 60, G2: 37, G3: 3 }),
    carcinoidSyndrome: random.chance(0.3),
    liverBurden,
    nodeStage: random.weighted({ '0': 12, I: 18, II: 50, III: 19, IV: 1 }),
    lesions: Array.from({ length: random.integer(1, 5) }, (_, i) => random.integer(i === 0 ? 25 : 12, 80)),
    response: random.between(0.6, 1.1, 2),
    chromogranin: random.logNormal(180 * largerBurden[liverBurden], 0.7),
  };
}

function truncated(draw: () => number, min: number, max: number): number {
  for (;;) {
    const value = draw();
    if (value >= min && value <= max) return value;
  }
}
