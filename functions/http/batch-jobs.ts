import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listJobs } from '../../shared/api/jobs.ts'
import { dollarsPerMillionRequestUnits, jobs, ports } from '../app.ts'

bindHttp(listJobs({ ports, jobs, dollarsPerMillionRequestUnits }), ports.log)
