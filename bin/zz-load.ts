import { mkdtemp, rm } from 'node:fs/promises'
import { demoStudies } from '#bin/demo/demo-studies.ts'
import { loadDemo } from '#bin/demo/load-demo.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'

const directory = await mkdtemp('/tmp/lead/zz-')
const server = await startEmbedded({ directory, durable: true })
try {
  const { appUrl } = await migrate(server.ownerUrl, { appRolePassword: 'simulation' })
  for (const study of demoStudies.filter((s) => process.argv.slice(2).includes(s.name))) {
    const t = Date.now()
    let last = ''
    try {
      const r = await loadDemo({
        ownerUrl: server.ownerUrl,
        appUrl,
        studies: [study],
        onProgress: (d) => {
          last = d
        },
      })
      console.log(study.name, r, (Date.now() - t) / 1000)
    } catch (e) {
      console.log(study.name, 'FAILED at', last, e)
    }
  }
} finally {
  await server.stop()
  await rm(directory, { recursive: true, force: true })
}
