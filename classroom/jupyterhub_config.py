# JupyterHub's configuration for a class that shares one installation: see docs/classroom.md.
# A hub's own configuration loads this one and adds to it:
#
#     load_subconfig("/opt/karenina/classroom/jupyterhub_config.py")
#     c.JupyterHub.bind_url = "https://:443"
#
# Python, because JupyterHub takes nothing else; whatever it does for students is in start.sh.
import os
import shutil
import signal
import stat
import sys

c = get_config()  # noqa: F821: JupyterHub defines it

course = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
environment = sys.prefix
node = shutil.which("node")
if node is None:
    raise RuntimeError("There is no node on the hub's PATH. Install Node 20 or later for all users.")

start = os.path.join(course, "classroom", "start.sh")
server = os.path.join(environment, "bin", "jupyterhub-singleuser")


def closed_to_students(path):
    """What on the way to a file, links followed, only its owner and group may read or enter."""
    path = os.path.realpath(path)
    while os.path.dirname(path) != path:
        wanted = stat.S_IXOTH if os.path.isdir(path) else stat.S_IROTH
        if os.path.exists(path) and not os.stat(path).st_mode & wanted:
            return path
        path = os.path.dirname(path)
    return None


# Else each student's server would end without a word of what is wrong.
tensorflow = os.path.join(course, "node_modules", "@tensorflow", "tfjs-node", "deps", "lib")
for needed in [node, sys.executable, start, server, tensorflow]:
    closed = closed_to_students(needed)
    if closed:
        print(
            f"Students' servers will not start: {needed} is {os.path.realpath(needed)}, and {closed} "
            "is not open to all users. Install it where all can read it, as docs/classroom.md says.",
            file=sys.stderr,
        )

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = [
    os.path.join(environment, "node_modules", ".bin", "configurable-http-proxy")
]

# A student is a Unix user of the group "students", with the password of that user.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"students"}

# A student's server is a process of that user. Only systemd can hold it to the limits below.
if os.path.isdir("/run/systemd/system"):
    c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
    c.SystemdSpawner.unit_name_template = "karenina-{USERNAME}"
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
else:
    from jupyterhub.spawner import LocalProcessSpawner

    class StudentSpawner(LocalProcessSpawner):
        """Ends servers by SIGTERM: at SIGINT, the hub's first choice, they leave their kernels behind."""

        async def _signal(self, sig):
            return await super()._signal(signal.SIGTERM if sig == signal.SIGINT else sig)

    c.JupyterHub.spawner_class = StudentSpawner
    # Time to end kernels on a busy machine.
    c.LocalProcessSpawner.interrupt_timeout = 60
c.Spawner.mem_limit = "3G"

c.Spawner.cmd = [start, server]
c.Spawner.environment = {
    "PATH": os.pathsep.join(
        [os.path.join(environment, "bin"), os.path.dirname(node), "/usr/local/bin", "/usr/bin", "/bin"]
    ),
}
c.Spawner.notebook_dir = "~/karenina"
c.Spawner.default_url = "/lab/tree/notebooks/00-welcome.ipynb"
c.Spawner.args = [
    # Anybody on the machine can listen to what kernels send over TCP, other students included.
    "--KernelManager.transport=ipc",
    "--MultiKernelManager.default_kernel_name=karenina",
    # Memory comes back from those who left: kernels after an hour, then the server.
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--ServerApp.shutdown_no_activity_timeout=3600",
    # Neither news nor updates nor a catalogue of extensions.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]
# A whole class logs in within one minute.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
