/** What something costs, against another tool on the same work in the same run. */
export interface Ratio {
  readonly name: string;
  readonly subject: string;
  readonly against: string;
  /** Time of the subject over time of what it is compared with; less is better. */
  readonly ratio: number;
  /** Milliseconds of one piece of work. */
  readonly subjectMs: number;
  readonly againstMs: number;
}
