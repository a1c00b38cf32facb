import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { jobLogs } from '../../shared/api/jobs.ts'
import { ports } from '../app.ts'

bindHttp(jobLogs({ ports }), ports.log)
