"""Exports over HTTP."""

from fastapi import APIRouter, Depends, Response

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.exports import service
from backend.app.exports.formats import MEDIA_TYPES, Format, file_name, render
from backend.app.exports.models import ExportJob
from backend.app.exports.schemas import ExportRequest, ExportResponse, PreviewRequest

router = APIRouter(prefix="/exports", tags=["exports"])
CAN_EXPORT = [Depends(require(Permission.EXPORT_CREATE))]


def answer(job: ExportJob) -> ExportResponse:
    name = file_name(job.dataset, Format(job.format), job.requested_at.date())
    return ExportResponse(id=job.id, status=job.status, file_name=name)


@router.post("/preview", dependencies=CAN_EXPORT, summary="Rows as they would be written")
async def preview(request: PreviewRequest) -> dict[str, str]:
    return {"media_type": MEDIA_TYPES[request.format], "content": render(request.rows, request.format)}


@router.post("", dependencies=CAN_EXPORT, summary="Ask for an export")
async def create(request: ExportRequest, caller: Caller, session: Session) -> ExportResponse:
    job = await service.queue(session, caller.user_id, request.dataset, request.format, at=utc_now())
    return answer(job)


@router.get("/{job_id}/download", dependencies=CAN_EXPORT, summary="The file, or how far it is")
async def download(job_id: int, caller: Caller, session: Session) -> ExportResponse | Response:
    job = await service.job_of(session, caller.user_id, job_id)
    if job.status != "done":
        return answer(job)
    headers = {"Content-Disposition": f'attachment; filename="{answer(job).file_name}"'}
    return Response(job.content, media_type=MEDIA_TYPES[job.format], headers=headers)
