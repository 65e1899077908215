'use client'
import { createContext, type ReactNode, useContext } from 'react'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { TracePlace } from '#domain/analysis/trace-origin.ts'

/** The run of a report that numbers on the page belong to; without one only the subjects behind a number can be shown. */
export type TraceRun = { report: string; parameters: ReportParameters }

const TraceContext = createContext<TraceRun | null>(null)

export function TraceScope({ run, children }: { run: TraceRun | null; children: ReactNode }) {
  return <TraceContext.Provider value={run}>{children}</TraceContext.Provider>
}

export const useTraceRun = (): TraceRun | null => useContext(TraceContext)

/** What the panel asks about one subject behind a number. */
export type TraceRequest = TraceRun & { place: TracePlace }
