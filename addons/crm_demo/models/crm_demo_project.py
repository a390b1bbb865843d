from datetime import timedelta

from odoo import Command, models

from ..lib.workdays import instant, next_workday, previous_workday

DONE = "1_done"


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_project(self):
        """Create the projects of the moment, with tasks and milestones."""
        stages = self._create_task_stages()
        rows = self._read_table("projects")
        projects = self.env["project.project"].create(
            [self._prepare_project(row, stages) for row in rows]
        )
        self._remember("project", [row["key"] for row in rows], projects)
        self.env["project.milestone"].create(
            [
                {
                    "name": row["milestone"],
                    "project_id": project.id,
                    "deadline": self._get_day(row["milestone_days"]),
                }
                for row, project in zip(rows, projects, strict=True)
            ]
        )
        self._create_tasks(projects)

    def _create_task_stages(self):
        rows = self._read_table("task_stages")
        stages = self.env["project.task.type"].create(
            [
                {
                    "name": row["name"],
                    "sequence": int(row["sequence"]),
                    "fold": bool(int(row["fold"])),
                    "user_id": False,
                }
                for row in rows
            ]
        )
        return self._remember("task_stage", [row["key"] for row in rows], stages)

    def _get_day(self, days: str):
        """Return a working day so many days after the installation."""
        shift = int(days)
        day = self._get_today() + timedelta(days=shift)
        return previous_workday(day) if shift < 0 else next_workday(day)

    def _prepare_project(self, row, stages):
        client = self._recall("client", row["client"])
        manager = self._recall("user", row["manager"])
        return {
            "name": row["name"],
            "company_id": manager.company_id.id,
            "partner_id": client and client.id,
            "user_id": manager.id,
            "date_start": self._get_day(f"-{row['started_days']}"),
            "date": self._get_day(row["ends_days"]),
            "privacy_visibility": "portal" if client else "employees",
            "allow_milestones": True,
            "type_ids": [Command.set(stages.ids)],
            # Clients follow their project and see it in their portal.
            "message_follower_ids": [
                Command.create(
                    {"partner_id": partner.id, "res_model": "project.project"}
                )
                for partner in client and client.child_ids or ()
            ],
        }

    def _create_tasks(self, projects):
        rows = self._read_table("tasks")
        tasks = self.env["project.task"].create(
            [self._prepare_task(row, rank) for rank, row in enumerate(rows)]
        )
        self._remember("task", range(1, len(rows) + 1), tasks)
        done = [row["done_days"] for row in rows]
        created = [
            instant(project.date_start, 9, 30)
            for project in (task.project_id for task in tasks)
        ]
        touched = [
            instant(self._get_day(f"-{days}"), 17) if days else opened
            for days, opened in zip(done, created, strict=True)
        ]
        for project in projects.filtered("partner_id"):
            # In the portal a client reads the tasks she follows, and may not edit them.
            project.task_ids.message_subscribe(project.partner_id.child_ids.ids)
        user_ids = [task.project_id.user_id.id for task in tasks]
        self._backdate(
            tasks,
            {
                "create_date": created,
                "create_uid": user_ids,
                "date_assign": created,
                "date_last_stage_update": touched,
                "write_date": touched,
            },
        )
        finished = tasks.filtered(lambda task: task.state == DONE)
        self._backdate(
            finished,
            {
                "date_end": [
                    day for day, days in zip(touched, done, strict=True) if days
                ]
            },
        )

    def _prepare_task(self, row, rank):
        project = self._recall("project", row["project"])
        return {
            "name": row["name"],
            "project_id": project.id,
            "company_id": project.company_id.id,
            "partner_id": project.partner_id.id,
            "sequence": rank,
            "user_ids": [Command.set(self._recall("user", row["assignee"]).ids)],
            "stage_id": self._recall_id("task_stage", row["stage"]),
            "state": DONE if row["stage"] == "done" else "01_in_progress",
            "date_deadline": instant(self._get_day(row["deadline_days"]), 18),
        }
