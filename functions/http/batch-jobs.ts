import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listJobs } from '../../shared/api/jobs.ts'
import { dollarsPerMillionRequestUnits, ports } from '../app.ts'
import { jobs } from '../jobs.ts'

bindHttp(listJobs({ ports, jobs, dollarsPerMillionRequestUnits }), ports.log)
