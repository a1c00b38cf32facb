import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { triggerJob } from '../../shared/api/jobs.ts'
import { jobs, ports } from '../app.ts'

bindHttp(triggerJob({ ports, jobs }), ports.log)
