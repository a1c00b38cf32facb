import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { jobStatus } from '../../shared/api/jobs.ts'
import { dollarsPerMillionRequestUnits, ports } from '../app.ts'
import { jobs } from '../jobs.ts'

bindHttp(jobStatus({ ports, jobs, dollarsPerMillionRequestUnits }), ports.log)
