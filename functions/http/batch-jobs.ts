import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listJobs } from '../../shared/api/jobs.ts'
import { jobs, ports } from '../app.ts'

bindHttp(listJobs({ ports, jobs }), ports.log)
