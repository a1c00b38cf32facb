import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { jobStatus } from '../../shared/api/jobs.ts'
import { jobs, ports } from '../app.ts'

bindHttp(jobStatus({ ports, jobs }), ports.log)
