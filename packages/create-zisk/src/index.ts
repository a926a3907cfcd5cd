export type { CreateErrorCode } from './create-error.ts'
export { CreateError } from './create-error.ts'
export type { CreatedProject, CreateProjectOptions } from './create-project.ts'
export { createProject, TEMPLATES } from './create-project.ts'
