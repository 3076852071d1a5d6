"""The Pixian.AI mock over HTTP: parameters, headers, results, errors and the account."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import Credentials
from mockserver.state.tenant import Tenant
from pictures import decoded, disc, encoded, pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.mock import Mock

PATH = "/api/v2/remove-background"
BOX = (40, 30, 110, 90)
PICTURE = encoded(disc(box=BOX))


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """An API id that no other test has."""
    return f"id-{request.node.nodeid}".replace(":", "-")  # RFC 7617: no colon in a user name


@pytest.fixture
def client(mock: Mock, user: str) -> Iterator[httpx.Client]:
    """A client that has those credentials."""
    with httpx.Client(base_url=mock.url, auth=(user, "secret"), trust_env=False) as client:
        yield client


def remove(client: httpx.Client, data: bytes = PICTURE, /, **parameters: str) -> httpx.Response:
    """Upload *data* with *parameters*, whose double underscores stand for dots."""
    fields = {name.replace("__", "."): value for name, value in parameters.items()}
    return client.post(PATH, files={"image": ("picture", data)}, data=fields)


def numbers(response: httpx.Response, header: str) -> list[int]:
    """Return the integers in a header value."""
    return [int(word) for word in response.headers[header].split(" ")]


def error(response: httpx.Response) -> tuple[int, int, str]:
    """Return status, code and message, once the body has proved to repeat the status."""
    body = response.json()["error"]
    assert body["status"] == response.status_code
    return response.status_code, body["code"], body["message"]


def test_a_picture_comes_back_without_its_background(client: httpx.Client) -> None:
    """The result is a PNG of the input's size: opaque inside the object, transparent outside."""
    response = remove(client)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    alpha = pixels(response.content)[..., 3]
    assert alpha.shape == (120, 160)
    assert alpha[60, 75] == 255
    assert alpha[5, 5] == 0


def test_every_header_of_a_result_describes_the_picture(client: httpx.Client) -> None:
    """Sizes are width and height; foreground boxes are top, left, width, height."""
    response = remove(client)
    assert response.headers["X-Input-Orientation"] == "1"
    assert numbers(response, "X-Input-Size") == [160, 120]
    assert numbers(response, "X-Result-Size") == [160, 120]
    for header in ("X-Input-Foreground", "X-Result-Foreground"):
        assert np.abs(np.array(numbers(response, header)) - [30, 40, 70, 60]).max() <= 2


def test_a_production_request_is_charged_and_leaves_no_watermark(client: httpx.Client) -> None:
    """The charge is in a header and comes off the account; nothing is printed on the background."""
    response = remove(client)
    charged = Decimal(response.headers["X-Credits-Charged"])
    assert charged == Decimal("0.019200")
    assert "X-Credits-Calculated" not in response.headers
    assert Decimal(str(client.get("/api/v2/account").json()["credits"])) == 1000 - charged
    assert pixels(response.content)[:25, :, 3].max() == 0


def test_a_test_request_is_free_and_watermarked(client: httpx.Client) -> None:
    """Nothing is charged, the calculated price is told, and the result differs visibly from production."""
    response = remove(client, test="true")
    assert Decimal(response.headers["X-Credits-Charged"]) == 0
    assert Decimal(response.headers["X-Credits-Calculated"]) == Decimal("0.019200")
    assert client.get("/api/v2/account").json()["credits"] == 1000
    plain = pixels(remove(client).content).astype(int)
    assert (np.abs(pixels(response.content).astype(int) - plain).max(axis=2) > 30).mean() > 0.01


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG", "PNG", "TIFF"])
def test_every_documented_file_type_is_read(client: httpx.Client, form: str) -> None:
    """All five kinds of file give a picture of the same size."""
    response = remove(client, encoded(disc(), form))
    assert response.status_code == 200, response.text
    assert decoded(response.content).size == (160, 120)


def test_webp_is_refused(client: httpx.Client) -> None:
    """A kind of file that the documents do not list is an unreadable image."""
    status, code, message = error(remove(client, encoded(disc(), "WEBP")))
    assert (status, code) == (400, 1006)
    assert "webp" in message.lower()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_read_and_applied(client: httpx.Client, orientation: int) -> None:
    """The header repeats the tag, and the result is upright: the object is where an upright viewer shows it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    response = remove(client, encoded(disc(), "JPEG", exif=exif, quality=95))
    assert numbers(response, "X-Input-Orientation") == [orientation]
    width, height = (160, 120) if orientation < 5 else (120, 160)
    assert numbers(response, "X-Input-Size") == [width, height]
    assert decoded(response.content).size == (width, height)
    # The tag says on which sides of the upright picture the stored first row and first column are.
    rows = {1: "top", 2: "top", 3: "bottom", 4: "bottom", 5: "left", 6: "right", 7: "right", 8: "left"}
    columns = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}
    distance = {rows[orientation]: 30, columns[orientation]: 40}
    distance |= {opposite(rows[orientation]): 120 - 90, opposite(columns[orientation]): 160 - 110}
    top, left, box_width, box_height = numbers(response, "X-Input-Foreground")
    found = {"top": top, "left": left, "right": width - left - box_width, "bottom": height - top - box_height}
    assert all(abs(found[side] - distance[side]) <= 2 for side in found), (found, distance)


def opposite(side: str) -> str:
    """Return the side across."""
    return {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}[side]


def test_max_pixels_shrinks_the_input(client: httpx.Client) -> None:
    """The result has at most so many pixels; the input's size and box are told as they were sent."""
    response = remove(client, max_pixels="4800")
    assert numbers(response, "X-Input-Size") == [160, 120]
    width, height = numbers(response, "X-Result-Size")
    assert width * height <= 4800
    assert width / height == pytest.approx(160 / 120, rel=0.03)
    assert np.abs(np.array(numbers(response, "X-Input-Foreground")) - [30, 40, 70, 60]).max() <= 4


@pytest.mark.parametrize(
    ("parameters", "media_type"),
    [
        ({}, "image/png"),
        ({"background__color": "#00FF00"}, "image/jpeg"),
        ({"output__format": "png", "background__color": "#00FF00"}, "image/png"),
        ({"output__format": "jpeg"}, "image/jpeg"),
        ({"output__format": "delta_png", "background__color": "#00FF00"}, "image/png"),
    ],
)
def test_the_format_follows_from_format_and_colour(
    client: httpx.Client, parameters: dict[str, str], media_type: str
) -> None:
    """``auto`` is PNG without and JPEG with a colour; the other values are what they say."""
    response = remove(client, **parameters)
    assert response.headers["Content-Type"] == media_type
    assert decoded(response.content).format == {"image/png": "PNG", "image/jpeg": "JPEG"}[media_type]


def test_the_colour_fills_the_background(client: httpx.Client) -> None:
    """With a colour the result is opaque, and the background has just that colour."""
    response = remove(client, background__color="#0055fF", output__format="png")
    found = pixels(response.content)
    assert found[..., 3].min() == 255
    assert tuple(found[2, 2]) == (0x00, 0x55, 0xFF, 255)


def test_jpeg_without_a_colour_is_on_white(client: httpx.Client) -> None:
    """A format without transparency gets a white background."""
    assert tuple(pixels(remove(client, output__format="jpeg").content)[2, 2]) == (255, 255, 255, 255)


def test_jpeg_quality_changes_the_size(client: httpx.Client) -> None:
    """A lower quality gives a smaller file."""
    sizes = [len(remove(client, output__format="jpeg", output__jpeg_quality=q).content) for q in ("5", "75", "100")]
    assert sizes == sorted(set(sizes))


def test_a_crop_leaves_the_foreground_and_nothing_else(client: httpx.Client) -> None:
    """The result is the foreground's box; its own box begins at its corner."""
    response = remove(client, result__crop_to_foreground="true")
    width, height = numbers(response, "X-Result-Size")
    assert abs(width - 70) <= 2
    assert abs(height - 60) <= 2
    assert numbers(response, "X-Result-Foreground") == [0, 0, width, height]
    assert numbers(response, "X-Input-Foreground")[2:] == [width, height]


@pytest.mark.parametrize(
    ("margin", "size"),
    [
        ("10px", (180, 140)),
        ("10px 20px", (200, 140)),
        ("10px 20px 30px", (200, 160)),
        ("1px 2px 3px 4px", (166, 124)),
        ("10%", (192, 144)),
        ("0px 25%", (240, 120)),
    ],
)
def test_a_margin_enlarges_the_result(client: httpx.Client, margin: str, size: tuple[int, int]) -> None:
    """One to four lengths in the order of CSS are added outside the picture."""
    response = remove(client, result__margin=margin)
    assert numbers(response, "X-Result-Size") == list(size)
    assert decoded(response.content).size == size


def test_a_target_size_is_exact_and_centres_the_picture(client: httpx.Client) -> None:
    """A 4:3 picture in a wide target fills its height and stands in the middle of its width."""
    response = remove(client, result__target_size="400 120", background__color="#112233", output__format="png")
    assert decoded(response.content).size == (400, 120)
    top, left, width, height = numbers(response, "X-Result-Foreground")
    assert np.abs(np.array([top, left, width, height]) - [30, 160, 70, 60]).max() <= 2


@pytest.mark.parametrize(("alignment", "top"), [("top", 30), ("middle", 130), ("bottom", 230)])
def test_spare_height_goes_where_the_alignment_says(client: httpx.Client, alignment: str, top: int) -> None:
    """In a tall target the picture stands at the top, in the middle or at the bottom."""
    response = remove(client, result__target_size="160 320", result__vertical_alignment=alignment)
    assert abs(numbers(response, "X-Result-Foreground")[0] - top) <= 2


def test_a_margin_is_inset_in_a_target(client: httpx.Client) -> None:
    """With a target size the margin makes the picture smaller, not the result larger."""
    response = remove(client, result__crop_to_foreground="true", result__margin="50px", result__target_size="300 300")
    assert numbers(response, "X-Result-Size") == [300, 300]
    top, left, width, height = numbers(response, "X-Result-Foreground")
    assert left == pytest.approx(50, abs=2)
    assert width == pytest.approx(200, abs=3)
    assert top == pytest.approx(150 - height / 2, abs=2)


def test_a_delta_png_and_the_input_rebuild_the_result(client: httpx.Client) -> None:
    """Opaque pixels are transparent white, background is transparent black, and the PNG result can be rebuilt."""
    original = pixels(PICTURE)
    delta = pixels(remove(client, output__format="delta_png").content)
    full = pixels(remove(client).content)
    kept = (delta[..., 3] == 0) & (delta[..., 0] == 0xFF)
    assert kept.any()
    assert ((delta[..., 3] == 0) <= ((delta[..., :3] == 0xFF).all(axis=2) | (delta[..., :3] == 0).all(axis=2))).all()
    assert (np.where(kept[..., None], original, delta) == full).all()


def test_a_delta_png_ignores_background_and_geometry(client: httpx.Client) -> None:
    """The result parameters change nothing, byte for byte."""
    ignored = {
        "background__color": "#112233",
        "result__crop_to_foreground": "true",
        "result__margin": "30px",
        "result__target_size": "50 50",
        "result__vertical_alignment": "top",
    }
    plain = remove(client, output__format="delta_png")
    assert remove(client, output__format="delta_png", **ignored).content == plain.content


def test_a_delta_png_of_a_shrunk_input_is_refused(client: httpx.Client) -> None:
    """What could not be decoded is not made."""
    status, _, message = error(remove(client, output__format="delta_png", max_pixels="100"))
    assert status == 400
    assert "max_pixels" in message


def test_an_image_can_be_sent_as_base64(client: httpx.Client) -> None:
    """Multipart text and urlencoded text give the same picture as the file."""
    text = base64.b64encode(PICTURE).decode()
    urlencoded = client.post(PATH, data={"image.base64": text})
    multipart = client.post(PATH, data={"image.base64": text}, files={"unused": ("x", b"")})
    assert urlencoded.content == multipart.content == remove(client).content


def test_base64_over_a_megabyte_is_refused(client: httpx.Client) -> None:
    """The limit is on the text."""
    status, _, message = error(client.post(PATH, data={"image.base64": "A" * 1_048_580}))
    assert status == 400
    assert "image.base64" in message


def test_the_documents_sample_url_is_a_bundled_picture(client: httpx.Client) -> None:
    """The URL of the documents gives a picture without any network."""
    response = client.post(PATH, data={"image.url": "https://example.com/example.jpeg"})
    assert response.status_code == 200, response.text
    assert decoded(response.content).format == "PNG"


def test_another_url_is_refused_and_the_switch_is_named(client: httpx.Client) -> None:
    """By default nothing is fetched."""
    status, code, message = error(client.post(PATH, data={"image.url": "http://127.0.0.1:1/x.png"}))
    assert (status, code) == (400, 1022)
    assert "--fetch" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_pixels", "99"),
        ("max_pixels", "25000001"),
        ("max_pixels", "1e3"),
        ("test", "True"),
        ("background.color", "0055FF"),
        ("background.color", "#05F"),
        ("result.margin", "10"),
        ("result.margin", "1px 2px 3px 4px 5px"),
        ("result.target_size", "1920x1080"),
        ("result.target_size", "0 100"),
        ("result.vertical_alignment", "centre"),
        ("output.format", "webp"),
        ("output.jpeg_quality", "0"),
        ("output.jpeg_quality", "101"),
    ],
)
def test_a_wrong_value_is_refused_by_name(client: httpx.Client, name: str, value: str) -> None:
    """The error names the parameter and repeats the value."""
    response = client.post(PATH, files={"image": ("p", PICTURE)}, data={name: value})
    status, code, message = error(response)
    assert (status, code) == (400, 1019)
    assert name in message
    assert value in message


def test_an_unknown_parameter_is_ignored(client: httpx.Client) -> None:
    """A misspelt name has no effect, as public clients have found out."""
    assert remove(client, output_format="jpeg").headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"GIF89a", ""), (b"<html></html>", ""), (PICTURE[:200], "")],
    ids=["empty", "head only", "html", "cut off"],
)
def test_an_unreadable_image_is_the_documented_error(client: httpx.Client, data: bytes, said: str) -> None:
    """The message begins with the documented words and goes on to say what was wrong."""
    status, code, message = error(remove(client, data))
    assert (status, code) == (400, 1006)
    assert message.startswith("Failed to read the supplied image. ")
    assert len(message) > len("Failed to read the supplied image. ")
    assert said in message.lower()


def test_text_where_the_file_belongs_is_told_apart(client: httpx.Client) -> None:
    """A form field without a file name is no file."""
    status, code, _ = error(client.post(PATH, data={"image": "picture.png"}))
    assert (status, code) == (400, 1016)


def test_a_file_needs_no_name_if_it_is_declared_an_image(client: httpx.Client) -> None:
    """The file name of a part is optional; its type says that it is a picture."""
    body = b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Type: image/png\r\n\r\n' + PICTURE
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = client.post(PATH, content=body + b"\r\n--b--\r\n", headers=headers)
    assert response.content == remove(client).content


def test_a_wrong_form_is_explained_by_an_example(client: httpx.Client) -> None:
    """A colour without its '#' is answered with how one looks."""
    message = error(remove(client, background__color="0055FF"))[2]
    assert message.endswith('"0055FF" does not have the required form, as in "#0055FF".')


def test_a_missing_image_is_told(client: httpx.Client) -> None:
    """Parameters alone are not enough."""
    status, code, _ = error(client.post(PATH, data={"test": "true"}))
    assert (status, code) == (400, 1005)


def test_of_several_images_the_first_way_counts(mock: Mock, client: httpx.Client, user: str) -> None:
    """A file goes before base64 and a URL, unless the setting refuses several; each must be right in itself."""
    files = {"image": ("p", PICTURE)}
    url = {"image.url": "https://example.com/example.jpeg"}
    assert client.post(PATH, files=files, data=url).content == remove(client).content
    assert error(client.post(PATH, files=files, data={"image.url": "nonsense"}))[:2] == (400, 1024)
    tenant = mock.state.tenants.open("pixian", Credentials(user, "secret"))
    assert isinstance(tenant, Tenant)
    tenant.settings["several_images"] = "refuse"
    assert error(client.post(PATH, files=files, data=url))[:2] == (400, 1019)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer x", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"no colon").decode(), "Basic Og=="],
)
def test_missing_or_malformed_credentials_are_unauthorised(mock: Mock, header: str | None) -> None:
    """Without HTTP Basic credentials the answer is 401 with a challenge."""
    headers = {} if header is None else {"Authorization": header}
    response = httpx.post(mock.url + PATH, headers=headers, files={"image": ("p", PICTURE)}, trust_env=False)
    assert error(response)[0] == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic")


def test_another_secret_for_a_known_id_is_wrong(mock: Mock, user: str) -> None:
    """The first secret seen with an id is its secret."""
    assert httpx.get(mock.url + "/api/v2/account", auth=(user, "one"), trust_env=False).status_code == 200
    response = httpx.get(mock.url + "/api/v2/account", auth=(user, "two"), trust_env=False)
    assert error(response)[:2] == (401, 1004)


def test_the_account_has_the_documented_fields(client: httpx.Client) -> None:
    """A new account is active and has credits."""
    body = client.get("/api/v2/account").json()
    assert body.keys() >= {"creditPack", "state", "useBefore", "credits"}
    assert body["state"] == "active"
    assert body["credits"] == 1000


def test_an_empty_account_is_refused_but_may_test(mock: Mock, client: httpx.Client, user: str) -> None:
    """Without credits production gets 402, a test goes on."""
    tenant = mock.state.tenants.open("pixian", Credentials(user, "secret"))
    assert isinstance(tenant, Tenant)
    assert tenant.ledger.charge(Decimal(1000))
    assert error(remove(client))[0] == 402
    assert remove(client, test="true").status_code == 200


def test_version_1_is_still_there(client: httpx.Client) -> None:
    """The deprecated path takes a file and camelCase parameters."""
    response = client.post(
        "/api/v1/remove-background", files={"image": ("picture", PICTURE)}, data={"maxPixels": "4800"}
    )
    assert response.status_code == 200
    width, height = numbers(response, "X-Result-Size")
    assert width * height <= 4800


def test_an_unknown_path_is_an_html_page(mock: Mock) -> None:
    """Unknown paths get a page, not JSON, and the page is safe to show."""
    response = httpx.get(mock.url + "/api/v2/<script>", trust_env=False)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<script>" not in response.text


def test_an_unknown_method_is_not_allowed(mock: Mock) -> None:
    """The answer lists what is."""
    response = httpx.get(mock.url + PATH, trust_env=False)
    assert error(response)[0] == 405
    assert "POST" in response.headers["Allow"]


def test_a_page_on_another_origin_may_call_and_read(mock: Mock) -> None:
    """The preflight allows the headers asked for; the answer exposes every documented header."""
    origin = {"Origin": "http://localhost:5173"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = httpx.options(mock.url + PATH, headers=origin | asked, trust_env=False)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization"
    response = httpx.post(mock.url + PATH, headers=origin, trust_env=False)
    assert response.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert "X-Result-Foreground" in exposed
    assert "X-Credits-Charged" in exposed


def test_an_account_without_a_pack_is_told_that_it_has_none(mock: Mock) -> None:
    """Who never bought anything gets another code than who has used everything up."""
    me = ("never-bought", "secret")
    httpx.patch(f"{mock.url}/_mock/v1/tenants/{me[0]}", json={"credits": 0, "pack": "none"}, timeout=10)
    for pack, code in (("none", 1008), ("some", 1011)):
        httpx.patch(f"{mock.url}/_mock/v1/tenants/{me[0]}", json={"pack": pack}, timeout=10)
        answer = httpx.post(
            f"{mock.url}/api/v2/remove-background",
            auth=me,
            data={"image.url": "https://example.com/example.jpeg"},
            timeout=10,
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (402, code)
