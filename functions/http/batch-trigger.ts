import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { triggerJob } from '../../shared/api/jobs.ts'
import { ports } from '../app.ts'
import { jobs } from '../jobs.ts'

bindHttp(triggerJob({ ports, jobs }), ports.log)
