import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { jobStatus } from '../../shared/api/jobs.ts'
import { dollarsPerMillionRequestUnits, jobs, ports } from '../app.ts'

bindHttp(jobStatus({ ports, jobs, dollarsPerMillionRequestUnits }), ports.log)
