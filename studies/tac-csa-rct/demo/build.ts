/** Body of a demo subject: weight in kg, height in cm, predicted FVC in litres. */
export type Build = { weight: number; height: number; predicted: number }
